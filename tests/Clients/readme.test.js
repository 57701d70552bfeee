// What the README prints, run as printed. Only the gateway's address differs, and its providers are simulated.
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { penstockAssembly, startServers } from './servers.js';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);

/** The fenced blocks of one language. */
function blocks(language) {
  const text = readFileSync(join(root, 'README.md'), 'utf8');
  return [...text.matchAll(/^```(\w+)\n(.*?)^```/gms)].filter((block) => block[1] === language).map((block) => block[2]);
}

const shell = blocks('bash');
const scripts = blocks('js');
const documents = blocks('json');
const isSettings = (document) => 'providers' in JSON.parse(document);

describe('README', () => {
  let servers;
  let here;
  const env = { ...process.env, OPENAI_API_KEY: 'sk-test', GROQ_API_KEY: 'gsk-test' };

  before(async () => {
    const configs = Object.fromEntries(documents.filter((document) => !isSettings(document)).map((document, i) => [`readme-${i}`, JSON.parse(document)]));
    servers = await startServers(
      (provider) => ({ providers: Object.fromEntries(['openai', 'groq', 'together-ai'].map((id) => [id, { base_url: provider }])), configs }),
      ['--no-key'],
    );
    here = (text) => text.replaceAll('http://localhost:8787/v1', servers.gateway);
  });
  after(() => servers.stop());

  test('has blocks of every kind', () => {
    assert.ok(shell.length >= 4 && scripts.length >= 2 && documents.length >= 2);
    assert.ok(shell.filter((block) => block.startsWith('curl')).length >= 2);
  });

  for (const block of shell.filter((text) => text.startsWith('curl'))) {
    test(`curl: ${block.split('\n').find((line) => line.includes('-d'))?.trim() ?? block}`, async () => {
      const { stdout } = await run('bash', ['-c', here(block)], { env });
      assert.match(JSON.parse(stdout).choices[0].message.content, /Hello!/);
    });
  }

  for (const line of shell.filter((text) => !text.startsWith('curl')).join('').split('\n').filter(Boolean)) {
    test(`names what is there: ${line}`, () => {
      const [program, ...words] = line.split(/\s+#/)[0].split(' ');
      if (program === 'dotnet') assert.ok(existsSync(join(root, words[words.indexOf('--project') + 1], 'Penstock.csproj')));
      else accessSync(join(root, program), constants.X_OK);
    });
  }

  for (const block of scripts) {
    test(`script: ${block.split('\n')[0]}`, async () => {
      // Code on the command line finds its packages from the working directory.
      const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', here(block)], { env, cwd: import.meta.dirname });
      assert.match(stdout, /Hello!/);
    });
  }

  for (const document of documents.filter(isSettings)) {
    test('penstock.json is valid', () => {
      const folder = mkdtempSync(join(tmpdir(), 'penstock-readme-'));
      try {
        writeFileSync(join(folder, 'penstock.json'), document);
        const { status, stdout } = spawnSync('dotnet', [penstockAssembly, '--validate'], { cwd: folder, encoding: 'utf8' });
        assert.equal(status, 0, stdout);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  }

  for (const [i, document] of documents.filter((text) => !isSettings(text)).entries()) {
    for (const [how, config] of [['sent along', JSON.stringify(JSON.parse(document))], ['saved', `readme-${i}`]]) {
      test(`config ${i} ${how}`, async () => {
        const response = await fetch(`${servers.gateway}/chat/completions`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-portkey-config': config },
          body: '{"model": "any", "messages": [{"role": "user", "content": "Hello!"}]}',
        });
        assert.equal(response.status, 200);
        assert.equal((await response.json()).model, 'gpt-4o');
        assert.equal(response.headers.get('x-portkey-last-used-option-index'), 'config.targets[0]');
      });
    }
  }
});
