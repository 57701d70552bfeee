import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import OpenAI, { toFile } from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { simulatorKey, startServers, startUpstream } from './servers.js';

const weather = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather at a place',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false },
  },
};

describe('openai', () => {
  let servers;
  let client;

  before(async () => {
    servers = await startServers();
    client = new OpenAI({ baseURL: servers.gateway, apiKey: simulatorKey, maxRetries: 0, defaultHeaders: { 'x-portkey-provider': 'sim' } });
  });
  after(() => servers.stop());

  const say = (content, more = {}) => client.chat.completions.create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content }], ...more });

  test('completes a chat', async () => {
    const reply = await say('hello');
    assert.match(reply.choices[0].message.content, /hello/);
    assert.equal(reply.choices[0].finish_reason, 'stop');
    assert.ok(reply.usage.total_tokens > 0);
  });

  test('finds the provider in the model name', async () => {
    const plain = new OpenAI({ baseURL: servers.gateway, apiKey: simulatorKey, maxRetries: 0 });
    const reply = await plain.chat.completions.create({ model: 'sim/gpt-4o-mini', messages: [{ role: 'user', content: 'hello' }] });
    assert.match(reply.choices[0].message.content, /hello/);
  });

  test('streams a chat with its usage', async () => {
    const stream = await say('stream this, please', { stream: true, stream_options: { include_usage: true } });
    let text = '';
    let usage;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      usage = chunk.usage ?? usage;
    }
    assert.match(text, /stream this, please/);
    assert.ok(usage.total_tokens > 0);
  });

  test('runs a tool loop', async () => {
    const places = [];
    const runner = client.chat.completions.runTools({
      model: 'gpt-4o-mini',
      messages: [{ role: 'user', content: 'Please use the tool' }],
      tools: [{ type: 'function', function: { ...weather.function, parse: JSON.parse, function: (args) => { places.push(args); return 'sunny, 21 degrees'; } } }],
    });
    const text = await runner.finalContent();
    assert.equal(places.length, 1);
    assert.match(text, /sunny, 21 degrees/);
  });

  test('streams tool calls in fragments', async () => {
    const stream = await say('Please use the tool', { stream: true, tools: [weather] });
    let name = '';
    let json = '';
    for await (const chunk of stream) {
      for (const call of chunk.choices[0]?.delta.tool_calls ?? []) {
        name += call.function?.name ?? '';
        json += call.function?.arguments ?? '';
      }
    }
    assert.equal(name, 'get_weather');
    assert.equal(typeof JSON.parse(json), 'object');
  });

  test('parses structured output', async () => {
    const reply = await client.chat.completions.parse({
      model: 'gpt-4o-mini',
      messages: [{ role: 'user', content: 'An event' }],
      response_format: zodResponseFormat(z.object({ name: z.string(), guests: z.number() }), 'event'),
    });
    assert.equal(typeof reply.choices[0].message.parsed.name, 'string');
    assert.equal(typeof reply.choices[0].message.parsed.guests, 'number');
  });

  test('embeds', async () => {
    const reply = await client.embeddings.create({ model: 'text-embedding-3-small', input: ['one', 'two'], dimensions: 8 });
    assert.equal(reply.data.length, 2);
    assert.equal(reply.data[0].embedding.length, 8);
    assert.ok(reply.data[0].embedding.every(Number.isFinite));
  });

  test('completes text', async () => {
    const reply = await client.completions.create({ model: 'gpt-3.5-turbo-instruct', prompt: 'Once upon' });
    assert.ok(reply.choices[0].text.length > 0);
  });

  test('lists the models of a provider', async () => {
    const models = [];
    for await (const model of client.models.list()) models.push(model.id);
    assert.ok(models.length > 0);
  });

  test('passes what has no route of its own: files, speech, transcription', async () => {
    const file = await client.files.create({ file: await toFile(Buffer.from('{"a":1}\n'), 'lines.jsonl'), purpose: 'batch' });
    const content = await client.files.content(file.id);
    assert.equal(await content.text(), '{"a":1}\n');
    const speech = await client.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'hello' });
    assert.ok((await speech.arrayBuffer()).byteLength > 0);
    const transcript = await client.audio.transcriptions.create({ model: 'whisper-1', file: await toFile(Buffer.alloc(2000), 'a.wav') });
    assert.equal(typeof transcript.text, 'string');
  });

  for (const [what, type, request, key] of [
    ['a wrong key', OpenAI.AuthenticationError, {}, 'sk-wrong'],
    ['an unknown model', OpenAI.NotFoundError, { model: 'missing-model' }],
    ['a wrong role', OpenAI.BadRequestError, { messages: [{ role: 'nobody', content: 'x' }] }],
    ['too many requests', OpenAI.RateLimitError, { model: 'fail-429' }],
    ['a failing provider', OpenAI.InternalServerError, { model: 'fail-500' }],
  ]) {
    test(`raises ${type.name} for ${what}`, async () => {
      const failing = key ? client.withOptions({ apiKey: key }) : client;
      await assert.rejects(
        failing.chat.completions.create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'x' }], ...request }),
        (error) => error instanceof type && /sim error: /.test(error.message) && Boolean(error.headers.get('x-portkey-trace-id')),
      );
    });
  }

  test('raises for a provider that nobody knows, with a hint', async () => {
    const lost = client.withOptions({ defaultHeaders: { 'x-portkey-provider': 'opnai' } });
    await assert.rejects(say.call(null, 'x', {}) && lost.chat.completions.create({ model: 'x', messages: [] }), /opnai.*openai/s);
  });

  test('raises in the middle of a stream that breaks', async () => {
    const stream = await say('a long story that is cut', { model: 'cut-after-3', stream: true });
    await assert.rejects(async () => { for await (const chunk of stream) assert.ok(chunk); }, OpenAI.APIError);
  });

  test('falls back and says so in its headers', async () => {
    const config = {
      strategy: { mode: 'fallback' },
      targets: [
        { provider: 'sim', api_key: simulatorKey, override_params: { model: 'error-first' } },
        { provider: 'sim', api_key: simulatorKey },
      ],
    };
    const routed = new OpenAI({ baseURL: servers.gateway, apiKey: 'unused', maxRetries: 0, defaultHeaders: { 'x-portkey-config': JSON.stringify(config) } });
    const { data, response } = await routed.chat.completions
      .create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'rescue me' }], stream: true })
      .withResponse();
    let text = '';
    for await (const chunk of data) text += chunk.choices[0]?.delta.content ?? '';
    assert.match(text, /rescue me/);
    assert.equal(response.headers.get('x-portkey-last-used-option-index'), 'config.targets[1]');
  });

  test('cancels the provider when the client aborts', async () => {
    let closed;
    const gone = new Promise((resolve) => { closed = resolve; });
    const upstream = await startUpstream((request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: {"choices":[{"index":0,"delta":{"content":"first"},"finish_reason":null}]}\n\n');
      response.on('close', closed);
    });
    try {
      const slow = client.withOptions({ defaultHeaders: { 'x-portkey-provider': 'openai', 'x-portkey-custom-host': upstream.url } });
      const stream = await slow.chat.completions.create({ model: 'x', messages: [{ role: 'user', content: 'x' }], stream: true });
      for await (const chunk of stream) {
        assert.equal(chunk.choices[0].delta.content, 'first');
        stream.controller.abort();
      }
      await gone;
    } finally {
      await upstream.stop();
    }
  });
});
