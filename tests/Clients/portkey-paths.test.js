// Paths beside chat: what portkey-ai calls itself, and what goes through the OpenAI client inside it.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { toFile } from 'openai';
import { Portkey } from 'portkey-ai';
import { simulatorKey, startRecorder, startServers } from './servers.js';

describe('paths of portkey-ai', () => {
  let servers;
  let recorder;
  let real;
  let seen;

  before(async () => {
    recorder = await startRecorder();
    servers = await startServers(() => ({ providers: { seen: { base_url: recorder.url } } }));
    real = new Portkey({ baseURL: servers.gateway, provider: 'sim', Authorization: simulatorKey });
    seen = new Portkey({ baseURL: servers.gateway, apiKey: 'pk-gateway', config: { provider: 'seen', api_key: 'sk-config' } });
  });
  after(async () => {
    await servers.stop();
    await recorder.stop();
  });

  for (const [method, path, call] of [
    ['POST', '/v1/anything/else?x=1', (client) => client.post('/anything/else?x=1', { someThing: 1 })],
    ['GET', '/v1/anything?x=1', (client) => client.get('/anything?x=1')],
    ['PUT', '/v1/anything/1', (client) => client.put('/anything/1', { a: 1 })],
    ['DELETE', '/v1/anything/1', (client) => client.delete('/anything/1')],
    ['POST', '/v1/rerank', (client) => client.post('/rerank', { model: 'm', query: 'q', documents: [] })],
    ['POST', '/v1/completions', (client) => client.completions.create({ model: 'm', prompt: 'p' })],
    ['POST', '/v1/images/generations', (client) => client.images.generate({ model: 'm', prompt: 'p' })],
    ['GET', '/v1/files?purpose=batch', (client) => client.files.list({ purpose: 'batch' })],
    ['GET', '/v1/files/f1', (client) => client.files.retrieve('f1')],
    ['DELETE', '/v1/files/f1', (client) => client.files.delete('f1')],
    ['POST', '/v1/batches', (client) => client.batches.create({ input_file_id: 'f1', endpoint: '/v1/chat/completions', completion_window: '24h' })],
    ['GET', '/v1/batches/b1', (client) => client.batches.retrieve('b1')],
    ['POST', '/v1/batches/b1/cancel', (client) => client.batches.cancel('b1')],
    ['GET', '/v1/fine_tuning/jobs', (client) => client.fineTuning.jobs.list()],
    ['GET', '/v1/models/m1', (client) => client.models.retrieve('m1')],
    ['POST', '/v1/moderations', (client) => client.moderations.create({ input: 'x' })],
    ['POST', '/v1/responses', (client) => client.responses.create({ model: 'm', input: 'x' })],
    ['GET', '/v1/responses/r1', (client) => client.responses.retrieve('r1')],
    ['GET', '/v1/responses/r1/input_items', (client) => client.responses.inputItems.list('r1')],
    ['POST', '/v1/vector_stores', (client) => client.vectorStores.create({ name: 'v' })],
  ]) {
    test(`${method} ${path}`, async () => {
      await call(seen);
      const received = recorder.last();
      assert.equal(received.method, method);
      assert.equal(received.path, path);
      assert.equal(received.headers.authorization, 'Bearer sk-config');
    });
  }

  test('PATCH passes too', async () => {
    const response = await fetch(`${servers.gateway}/containers/c1`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json', 'x-portkey-provider': 'seen', authorization: 'Bearer sk-mine' },
      body: '{"a":null}',
    });
    assert.equal(response.status, 200);
    assert.deepEqual([recorder.last().method, recorder.last().body], ['PATCH', '{"a":null}']);
  });

  test('the key of the gateway and the dummy key reach no provider', () => {
    const sent = JSON.stringify(recorder.requests);
    assert.ok(recorder.requests.length > 0);
    assert.doesNotMatch(sent, /pk-gateway|DUMMY-KEY/);
  });

  test('embeds, draws, speaks and moderates', async () => {
    assert.ok((await real.embeddings.create({ model: 'text-embedding-3-small', input: 'one' })).data[0].embedding.length > 0);
    assert.equal((await real.images.generate({ model: 'gpt-image-1', prompt: 'a cat' })).data.length, 1);
    assert.equal((await real.moderations.create({ model: 'omni-moderation-latest', input: 'x' })).results.length, 1);
    const speech = await real.audio.speech.create({ model: 'tts-1', voice: 'alloy', input: 'hello' });
    assert.ok(speech);
  });

  test('uploads a file, reads it back and runs a batch over it', async () => {
    const line = JSON.stringify({ custom_id: '1', method: 'POST', url: '/v1/chat/completions', body: { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'x' }] } });
    const file = await real.files.create({ file: await toFile(Buffer.from(line + '\n'), 'lines.jsonl'), purpose: 'batch' });
    assert.equal((await real.files.retrieve(file.id)).filename, 'lines.jsonl');
    const batch = await real.batches.create({ input_file_id: file.id, endpoint: '/v1/chat/completions', completion_window: '24h' });
    assert.equal((await real.batches.retrieve(batch.id)).input_file_id, file.id);
  });

  test('transcribes', async () => {
    const transcript = await real.audio.transcriptions.create({ model: 'whisper-1', file: await toFile(Buffer.alloc(2000), 'a.wav') });
    assert.equal(typeof transcript.text, 'string');
  });

  for (const [what, call] of [
    ['prompts', (client) => client.prompts.completions.create({ promptID: 'p', variables: {} })],
    ['feedback', (client) => client.feedback.create({ traceID: 't', value: 1 })],
    ['configs', (client) => client.configs.list()],
    ['virtual keys', (client) => client.virtualKeys.list()],
  ]) {
    test(`the control plane's ${what} are refused here`, async () => {
      const before = recorder.requests.length;
      await assert.rejects(call(seen), (error) => error.status === 501 && /admin API/.test(error.message));
      assert.equal(recorder.requests.length, before);
    });
  }
});
