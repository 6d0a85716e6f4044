import { existsSync } from 'node:fs';
import bundled from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

const systemBrowser = '/usr/bin/chromium';
const systemArguments = [
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
    const executablePath = await bundled.executablePath();
    const args = bundled.args.filter((argument) => argument !== '--single-process');
    return await chromium.launch({ executablePath, args, headless: true, timeout: startTimeoutMs });
  } catch (cause) {
    if (existsSync(systemBrowser)) {
      return chromium.launch({
        executablePath: systemBrowser,
        args: systemArguments,
        headless: true,
        timeout: startTimeoutMs,
      });
    }
    throw new Error(
      `no browser for the tests of the page: the one of @sparticuz/chromium does not start here, and ${systemBrowser} is not there. Install Chromium, for example with apt-get install chromium.`,
      { cause },
    );
  }
}
