import { existsSync } from 'node:fs';
import bundled from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

const systemBrowser = '/usr/bin/chromium';
/** Our own flags for both: those that come with the bundled browser switch web security off, which is tested here. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const startTimeoutMs = 20_000;

/** A Chromium for tests: the one that npm brought if it starts here, else the system's. */
export async function launchBrowser(): Promise<Browser> {
  try {
    return await launch(await bundled.executablePath());
  } catch (cause) {
    if (existsSync(systemBrowser)) return launch(systemBrowser);
    throw new Error(
      `no browser for the tests of the page: the one of @sparticuz/chromium does not start here, and ${systemBrowser} is not there. Install Chromium, for example with apt-get install chromium.`,
      { cause },
    );
  }
}

function launch(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args, headless: true, timeout: startTimeoutMs });
}
