// Helpers of the OpenAI SDK that stand on streams, and its Responses API.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import { simulatorKey, startServers } from './servers.js';

describe('openai: stream helpers and responses', () => {
  let servers;
  let client;

  before(async () => {
    servers = await startServers();
    client = new OpenAI({ baseURL: servers.gateway, apiKey: simulatorKey, maxRetries: 0, defaultHeaders: { 'x-portkey-provider': 'sim' } });
  });
  after(() => servers.stop());

  const messages = [{ role: 'user', content: 'hello helpers' }];

  test('chat.completions.stream puts the message together', async () => {
    const deltas = [];
    const stream = client.chat.completions.stream({ model: 'gpt-4o-mini', messages, stream_options: { include_usage: true } }).on('content', (delta) => deltas.push(delta));
    const completion = await stream.finalChatCompletion();
    assert.match(completion.choices[0].message.content, /hello helpers/);
    assert.equal(completion.choices[0].message.content, deltas.join(''));
    assert.equal(completion.choices[0].finish_reason, 'stop');
    assert.ok((await stream.totalUsage()).total_tokens > 0);
  });

  test('chat.completions.stream parses structured output', async () => {
    const stream = client.chat.completions.stream({ model: 'gpt-4o-mini', messages, response_format: zodResponseFormat(z.object({ name: z.string() }), 'person') });
    const completion = await stream.finalChatCompletion();
    assert.equal(typeof completion.choices[0].message.parsed.name, 'string');
  });

  test('chat.completions.stream raises when the stream breaks', async () => {
    const stream = client.chat.completions.stream({ model: 'cut-after-3', messages });
    await assert.rejects(stream.finalChatCompletion(), OpenAI.APIError);
  });

  test('several choices finish', async () => {
    const stream = await client.chat.completions.create({ model: 'gpt-4o-mini', messages, n: 2, stream: true });
    const finished = new Set();
    for await (const chunk of stream) for (const choice of chunk.choices) if (choice.finish_reason) finished.add(choice.index);
    assert.deepEqual([...finished].sort(), [0, 1]);
  });

  test('responses.create', async () => {
    const reply = await client.responses.create({ model: 'gpt-4o-mini', input: 'hello responses' });
    assert.match(reply.output_text, /hello responses/);
    assert.equal(reply.status, 'completed');
  });

  test('responses.create streams its named events', async () => {
    const types = [];
    let text = '';
    for await (const event of await client.responses.create({ model: 'gpt-4o-mini', input: 'hello responses', stream: true })) {
      types.push(event.type);
      if (event.type === 'response.output_text.delta') text += event.delta;
    }
    assert.equal(types[0], 'response.created');
    assert.equal(types.at(-1), 'response.completed');
    assert.match(text, /hello responses/);
  });

  test('responses.stream puts the response together', async () => {
    const reply = await client.responses.stream({ model: 'gpt-4o-mini', input: 'hello responses' }).finalResponse();
    assert.match(reply.output_text, /hello responses/);
  });

  test('responses.create raises for an unknown model', async () => {
    await assert.rejects(client.responses.create({ model: 'missing-model', input: 'x' }), OpenAI.NotFoundError);
  });

  test('moderations and images', async () => {
    assert.equal((await client.moderations.create({ model: 'omni-moderation-latest', input: 'x' })).results.length, 1);
    assert.equal((await client.images.generate({ model: 'gpt-image-1', prompt: 'a cat' })).data.length, 1);
  });
});
