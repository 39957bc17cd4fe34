// The published fields of in-toto Statement v1 and SLSA provenance v1, in our own words; anything else has to be an extension field.
// Sources: https://github.com/in-toto/attestation/tree/main/spec/v1 (statement, resource_descriptor, digest_set),
// https://slsa.dev/spec/v1.1/provenance
import { z } from 'zod';

/** `<vendor>_<field>`: names of the specification never have an underscore. */
const extension = /^[a-z][a-z0-9]*_[A-Za-z0-9]+$/;

/** An object of these members, and extension fields. */
function published<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.looseObject(shape).superRefine((value, context) => {
    for (const key of Object.keys(value)) {
      if (Object.hasOwn(shape, key) || extension.test(key)) continue;
      context.addIssue({ code: 'custom', message: `${key} is neither published nor an extension`, path: [key] });
    }
  });
}

const uri = z.string().regex(/^[a-z][a-z0-9+.-]*:\S+$/i);
const timestamp = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
const bytes = z.string().regex(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/);

const lengths: Readonly<Record<string, readonly number[]>> = {
  sha256: [64],
  gitCommit: [40, 64],
  gitBlob: [40, 64],
};

const digestSet = z.record(z.string(), z.string().regex(/^[0-9a-f]+$/)).superRefine((set, context) => {
  for (const [name, value] of Object.entries(set)) {
    const known = lengths[name];
    if (known === undefined ? !extension.test(name) : !known.includes(value.length)) {
      context.addIssue({ code: 'custom', message: `${name} is no digest of the specification`, path: [name] });
    }
  }
});

const descriptor = published({
  name: z.string().min(1).optional(),
  uri: uri.optional(),
  digest: digestSet.optional(),
  content: bytes.optional(),
  downloadLocation: uri.optional(),
  mediaType: z
    .string()
    .regex(/^\S+\/\S+$/)
    .optional(),
  annotations: z.record(z.string(), z.unknown()).optional(),
}).refine((one) => one['uri'] !== undefined || one['digest'] !== undefined || one['content'] !== undefined, {
  message: 'one of uri, digest and content has to be there',
});

const parameters = z.record(z.string(), z.unknown());

const provenance = published({
  buildDefinition: published({
    buildType: uri,
    externalParameters: parameters,
    internalParameters: parameters.optional(),
    resolvedDependencies: z.array(descriptor).optional(),
  }),
  runDetails: published({
    builder: published({
      id: uri,
      builderDependencies: z.array(descriptor).optional(),
      version: z.record(z.string(), z.string()).optional(),
    }),
    metadata: published({
      invocationId: z.string().optional(),
      startedOn: timestamp.optional(),
      finishedOn: timestamp.optional(),
    }).optional(),
    byproducts: z.array(descriptor).optional(),
  }),
});

export const statementSchema = published({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  subject: z
    .array(descriptor.refine((one) => one['digest'] !== undefined, { message: 'a subject has a digest' }))
    .min(1),
  predicateType: z.literal('https://slsa.dev/provenance/v1'),
  predicate: provenance,
});
