import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { embed, generateObject, generateText, stepCountIs, streamText, tool } from 'ai';
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
});
