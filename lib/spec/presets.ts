/** Where a figure of a preset comes from. */
export interface PresetSource {
  readonly url: string;
  /** What it says, and what was made of it. */
  readonly says: string;
}

/** A ready part of a sweep: what is asked, how hard, and what the answers are held to. */
export interface Preset {
  /** One line for people. */
  readonly about: string;
  /** A sweep as a user would write it, but for the target. */
  readonly sweep: Readonly<Record<string, unknown>>;
  readonly sources: readonly PresetSource[];
}

const azure = 'https://github.com/Azure/AzurePublicDataset/blob/master/AzureLLMInferenceDataset2023.md';
const mlperf = 'https://github.com/mlcommons/inference/blob/master/loadgen/mlperf.conf';
const levels = [1, 2, 4, 8, 16, 32];

const slo = (ttft: string, tpot: string) => ({ percentiles: { ttft: { p99: ttft }, tpot: { p99: tpot } } });

const limits = (of: string, ttft: string, tpot: string): PresetSource => ({
  url: mlperf,
  says: `MLPerf Inference holds ${of} to a 99th percentile of ${ttft} for TTFT and ${tpot} for TPOT.`,
});

/** The presets by name; docs/presets.md lists their figures and sources. */
export const presets = {
  chat: {
    about: 'Conversation: prompts of about 1,200 tokens, answers of about 200, held to what feels immediate.',
    sweep: {
      name: 'chat',
      workload: {
        inputTokens: { lognormal: { mean: 1155, deviation: 1109, min: 16, max: 8000 } },
        outputTokens: { lognormal: { mean: 211, deviation: 163, min: 7, max: 1000 } },
      },
      load: { levels },
      slo: slo('450ms', '40ms'),
    },
    sources: [
      {
        url: azure,
        says: 'Of 19,366 requests to a conversation service of Azure (AzureLLMInferenceTrace_conv.csv) prompts have 1,155 ± 1,109 tokens (median 1,020, 99th percentile 4,142) and answers 211 ± 163 (median 129, 7 to 1,000). The shape is ours: log-normal with that mean and deviation.',
      },
      limits('Llama 2 70B, interactive,', '450 ms', '40 ms'),
    ],
  },
  rag: {
    about: 'Questions over retrieved passages: prompts of about 3,000 tokens, answers of about 300.',
    sweep: {
      name: 'rag',
      workload: {
        inputTokens: { normal: { mean: 2944, deviation: 1009, min: 1052, max: 7712 } },
        outputTokens: { lognormal: { mean: 283, deviation: 198, min: 7, max: 2183 } },
      },
      load: { levels },
      slo: slo('2s', '200ms'),
    },
    sources: [
      {
        url: 'https://github.com/flashserve/RAGPulse',
        says: 'Of 7,106 requests to the question answering of a university (0_trace.jsonl) prompts have 2,944 ± 1,009 tokens (median 3,139, 1,052 to 7,712) and answers 283 ± 198 (median 234, 7 to 2,183). The shapes are ours: normal and log-normal with those means and deviations.',
      },
      limits('Llama 2 70B, server,', '2,000 ms', '200 ms'),
    ],
  },
  summarise: {
    about: 'A news article in, a few sentences out: 781 tokens and 153.',
    sweep: {
      name: 'summarise',
      workload: { inputTokens: 781, outputTokens: 153 },
      load: { levels },
      slo: slo('2s', '100ms'),
    },
    sources: [
      {
        url: 'https://huggingface.co/datasets/abisee/cnn_dailymail',
        says: 'The articles of CNN/DailyMail have 781 tokens in the mean; no deviation is told, so that one length stands for all.',
      },
      {
        url: 'https://github.com/mlcommons/inference/blob/master/language/llama3.1-8b/README.md',
        says: 'Llama 3.1 8B’s reference summaries of its 13,368 validation articles have 8,167,644 characters together: 611 each, 153 tokens at four characters a token.',
      },
      limits('Llama 3.1 8B, which summarises these articles,', '2,000 ms', '100 ms'),
    ],
  },
  code: {
    about: 'Completion in an editor: prompts of about 2,000 tokens, answers of about 30.',
    sweep: {
      name: 'code',
      workload: {
        inputTokens: { lognormal: { mean: 2048, deviation: 1974, min: 16, max: 7437 } },
        outputTokens: { lognormal: { mean: 28, deviation: 60, max: 1899 } },
      },
      load: { levels },
      slo: slo('500ms', '30ms'),
    },
    sources: [
      {
        url: azure,
        says: 'Of 8,819 requests to a code completion service of Azure (AzureLLMInferenceTrace_code.csv) prompts have 2,048 ± 1,974 tokens (median 1,469, at most 7,437) and answers 28 ± 60 (median 13, 6 to 1,899). The shape is ours: log-normal with that mean and deviation.',
      },
      limits('Llama 3.1 8B, interactive,', '500 ms', '30 ms'),
    ],
  },
  'databricks-notebook': {
    about: 'Databricks’ notebook for benchmarking endpoints: its passes and figures, beside streamed ones.',
    sweep: {
      name: 'databricks-notebook',
      workload: { inputTokens: 2048, outputTokens: 256, exact: true },
      load: { levels: [1, 2, 4, 8], notebook: { requestsPerStream: 5 }, stopAt: ['notebook_plateau'] },
    },
    sources: [
      {
        url: 'https://docs.databricks.com/aws/en/machine-learning/foundation-model-apis/prov-throughput-run-benchmark',
        says: 'The notebook asks for 256 tokens of prompts of 2,048, in 5 requests a worker at 1, 2, 4 and 8 workers, and stops where throughput rises by less than 10 %.',
      },
    ],
  },
} as const satisfies Readonly<Record<string, Preset>>;

export type PresetName = keyof typeof presets;

export const presetNames = Object.keys(presets) as readonly PresetName[];

export function isPresetName(name: unknown): name is PresetName {
  return typeof name === 'string' && Object.hasOwn(presets, name);
}
