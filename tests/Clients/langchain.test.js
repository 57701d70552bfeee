import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { tool } from '@langchain/core/tools';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { z } from 'zod';
import { simulatorKey, startServers } from './servers.js';

describe('@langchain/openai', () => {
  let servers;
  let options;

  before(async () => {
    servers = await startServers();
    options = { apiKey: simulatorKey, maxRetries: 0, configuration: { baseURL: servers.gateway, defaultHeaders: { 'x-portkey-provider': 'sim' } } };
  });
  after(() => servers.stop());

  const chat = () => new ChatOpenAI({ model: 'gpt-4o-mini', ...options });

  test('invokes', async () => {
    const reply = await chat().invoke('hello');
    assert.match(reply.content, /hello/);
    assert.ok(reply.usage_metadata.total_tokens > 0);
  });

  test('streams', async () => {
    let text = '';
    for await (const chunk of await chat().stream('hello stream')) text += chunk.content;
    assert.match(text, /hello stream/);
  });

  test('binds tools', async () => {
    const weather = tool(() => 'sunny', { name: 'get_weather', description: 'The weather', schema: z.object({ city: z.string() }) });
    const reply = await chat().bindTools([weather]).invoke('Please use the tool');
    assert.equal(reply.tool_calls[0].name, 'get_weather');
  });

  test('gives structured output', async () => {
    const reply = await chat().withStructuredOutput(z.object({ name: z.string() }), { name: 'person', method: 'jsonSchema' }).invoke('A person');
    assert.equal(typeof reply.name, 'string');
  });

  test('embeds', async () => {
    const vectors = await new OpenAIEmbeddings({ model: 'text-embedding-3-small', ...options }).embedDocuments(['one', 'two']);
    assert.equal(vectors.length, 2);
  });

  test('batches', async () => {
    const replies = await chat().batch(['one', 'two', 'three'], { maxConcurrency: 2 });
    assert.deepEqual(replies.map((reply) => /one|two|three/.exec(reply.content)[0]), ['one', 'two', 'three']);
  });

  test('streams tool calls', async () => {
    const weather = tool(() => 'sunny', { name: 'get_weather', description: 'The weather', schema: z.object({ city: z.string() }) });
    let whole;
    for await (const chunk of await chat().bindTools([weather]).stream('Please use the tool')) whole = whole ? whole.concat(chunk) : chunk;
    assert.equal(whole.tool_calls.length, 1);
    assert.equal(whole.tool_calls[0].name, 'get_weather');
    assert.equal(typeof whole.tool_calls[0].args, 'object');
    assert.ok(whole.usage_metadata.total_tokens > 0);
  });

  test('takes a config for every call', async () => {
    const config = { strategy: { mode: 'fallback' }, targets: [{ provider: 'sim', override_params: { model: 'fail-500' } }, { provider: 'sim' }] };
    const routed = new ChatOpenAI({ model: 'gpt-4o-mini', apiKey: simulatorKey, maxRetries: 0, configuration: { baseURL: servers.gateway, defaultHeaders: { 'x-portkey-config': JSON.stringify(config) } } });
    assert.match((await routed.invoke('rescue me')).content, /rescue me/);
  });

  test('raises with the status', async () => {
    await assert.rejects(new ChatOpenAI({ model: 'fail-429', ...options }).invoke('x'), (error) => error.status === 429);
  });
});
