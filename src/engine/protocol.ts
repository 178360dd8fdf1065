/** Messages between the engine's parent and its child process; they cross by structured clone. */

/** Limits, as the child is told at its start. */
export interface OpenMessage {
  readonly kind: "open";
  readonly folders: readonly string[];
  readonly tempFolder: string;
  readonly memoryLimit: string;
  readonly threads: number;
}

export type ToChild =
  | OpenMessage
  | {
      readonly kind: "ask";
      readonly id: number;
      readonly setup: readonly string[];
      readonly sql: string;
    }
  | { readonly kind: "abort"; readonly id: number };

export type FromChild =
  | { readonly kind: "ready" }
  | { readonly kind: "refused"; readonly message: string }
  | { readonly kind: "rows"; readonly id: number; readonly rows: readonly unknown[] }
  | {
      readonly kind: "failed";
      readonly id: number;
      readonly message: string;
      readonly sql: string;
    };
