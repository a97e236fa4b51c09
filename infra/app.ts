/**
 * The cloud: what must last, what runs, and what people reach. `npm run synth` writes the templates
 * without an account.
 */
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { DataStack } from './data-stack.ts';
import { ServiceStack } from './service-stack.ts';
import { readSettings } from './settings.ts';
import { SiteStack } from './site-stack.ts';

export interface Cloud {
  readonly data: DataStack;
  readonly service: ServiceStack;
  readonly site: SiteStack;
}

/** @param siteDist the folder that Astro built */
export function addCloud(app: App, siteDist: string): Cloud {
  const settings = readSettings(app);
  const stack = (name: string, holds: string) => ({
    stackName: `${settings.prefix}${name}`,
    description: `Hidamari: ${holds}`,
    env: { region: settings.region },
  });
  const data = new DataStack(app, 'Data', settings, stack('data', 'what must last'));
  const service = new ServiceStack(app, 'Service', settings, {
    ...stack('service', 'what runs'),
    data,
    siteDist,
  });
  const site = new SiteStack(app, 'Site', settings, {
    ...stack('site', 'what people reach'),
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
