import { launchBrowser } from './browser.ts';

// Exits with an error when no browser for the tests of the page can be started.
const browser = await launchBrowser();
await browser.close();
