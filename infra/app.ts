/**
 * The cloud: what must last, what runs, and what people reach. `npm run synth` writes the templates
 * without an account.
 */
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { letterSettings } from '../functions/letters/settings.ts';
import type { LetterSettings } from '../functions/letters/settings-model.ts';
import { DataStack } from './data-stack.ts';
import { ServiceStack } from './service-stack.ts';
import { readSettings } from './settings.ts';
import { SiteStack } from './site-stack.ts';

export interface Cloud {
  readonly data: DataStack;
  readonly service: ServiceStack;
  readonly site: SiteStack;
}

/**
 * @param siteDist the folder that Astro built
 * @param letters what the Lambdas will be bundled with
 */
export function addCloud(
  app: App,
  siteDist: string,
  letters: Pick<LetterSettings, 'pinned'> = letterSettings,
): Cloud {
  const settings = readSettings(app, siteDist, letters);
  const env = { region: settings.region };
  // The whole prefix is in the ids, so that two centres may live in one account.
  const name = (stack: string) => `${settings.prefix}${stack}`;
  const data = new DataStack(app, name('data'), settings, {
    description: 'Hidamari: what must last',
    env,
  });
  const service = new ServiceStack(app, name('service'), settings, {
    description: 'Hidamari: what runs',
    env,
    data,
    siteDist,
  });
  const site = new SiteStack(app, name('site'), settings, {
    description: 'Hidamari: what people reach',
    env,
    data,
    service,
    siteDist,
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  for (const [index, sentence] of settings.undecided.entries()) {
    Validations.of(service).addWarning(`hidamari:undecided-${index}`, sentence);
  }
  return { data, service, site };
}

if (import.meta.main) addCloud(new App(), join(import.meta.dirname, '../site/dist'));
