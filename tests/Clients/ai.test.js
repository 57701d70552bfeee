import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { APICallError, embed, embedMany, generateObject, generateText, stepCountIs, streamObject, streamText, tool } from 'ai';
import { z } from 'zod';
import { simulatorKey, startServers } from './servers.js';

describe('ai with @ai-sdk/openai-compatible', () => {
  let servers;
  let penstock;

  before(async () => {
    servers = await startServers();
    penstock = createOpenAICompatible({
      name: 'penstock',
      baseURL: servers.gateway,
      apiKey: simulatorKey,
      headers: { 'x-portkey-provider': 'sim' },
      supportsStructuredOutputs: true,
      includeUsage: true,
    });
  });
  after(() => servers.stop());

  test('generates text', async () => {
    const { text } = await generateText({ model: penstock('gpt-4o-mini'), prompt: 'hello', maxRetries: 0 });
    assert.match(text, /hello/);
  });

  test('streams text', async () => {
    let text = '';
    for await (const part of streamText({ model: penstock('gpt-4o-mini'), prompt: 'hello stream', maxRetries: 0 }).textStream) text += part;
    assert.match(text, /hello stream/);
  });

  test('runs tools', async () => {
    const weather = tool({ description: 'The weather', inputSchema: z.object({ city: z.string() }), execute: async () => 'sunny, 21 degrees' });
    const { text } = await generateText({
      model: penstock('gpt-4o-mini'),
      prompt: 'Please use the tool',
      tools: { get_weather: weather },
      stopWhen: stepCountIs(3),
      maxRetries: 0,
    });
    assert.match(text, /sunny, 21 degrees/);
  });

  test('generates objects', async () => {
    const { object } = await generateObject({ model: penstock('gpt-4o-mini'), schema: z.object({ name: z.string() }), prompt: 'A person', maxRetries: 0 });
    assert.equal(typeof object.name, 'string');
  });

  test('embeds', async () => {
    const { embedding } = await embed({ model: penstock.textEmbeddingModel('text-embedding-3-small'), value: 'one', maxRetries: 0 });
    assert.ok(embedding.length > 0);
  });

  test('streams objects', async () => {
    const { partialObjectStream, object } = streamObject({ model: penstock('gpt-4o-mini'), schema: z.object({ name: z.string() }), prompt: 'A person', maxRetries: 0 });
    let parts = 0;
    for await (const part of partialObjectStream) parts += Number(typeof part === 'object');
    assert.ok(parts > 0);
    assert.equal(typeof (await object).name, 'string');
  });

  test('streams tool calls', async () => {
    const weather = tool({ description: 'The weather', inputSchema: z.object({ city: z.string() }), execute: async () => 'sunny, 21 degrees' });
    const result = streamText({
      model: penstock('gpt-4o-mini'),
      prompt: 'Please use the tool',
      tools: { get_weather: weather },
      stopWhen: stepCountIs(3),
      maxRetries: 0,
    });
    assert.match(await result.text, /sunny, 21 degrees/);
    assert.ok((await result.totalUsage).totalTokens > 0);
  });

  test('embeds many', async () => {
    const { embeddings } = await embedMany({ model: penstock.textEmbeddingModel('text-embedding-3-small'), values: ['one', 'two'], maxRetries: 0 });
    assert.equal(embeddings.length, 2);
  });

  for (const [model, status, isRetryable] of [['fail-400', 400, false], ['missing-model', 404, false], ['fail-429', 429, true], ['fail-500', 500, true]]) {
    test(`raises APICallError for ${model}`, async () => {
      await assert.rejects(
        generateText({ model: penstock(model), prompt: 'x', maxRetries: 0 }),
        (error) => APICallError.isInstance(error) && error.statusCode === status && error.isRetryable === isRetryable
          && /^sim error: /.test(error.message) && Boolean(error.responseHeaders['x-portkey-trace-id']),
      );
    });
  }

  test('reports a stream that breaks', async () => {
    const errors = [];
    const { fullStream } = streamText({ model: penstock('cut-after-3'), prompt: 'a long story', maxRetries: 0, onError: ({ error }) => errors.push(error) });
    for await (const part of fullStream) assert.ok(part);
    assert.equal(errors.length, 1);
  });
});
