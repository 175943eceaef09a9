/** One layer: its folder, the folders and packages it may import besides, and which of Node's modules. */
export interface Layer {
  readonly from: string;
  readonly layers: readonly string[];
  readonly packages: readonly string[];
  readonly node: true | readonly string[];
}
export const LAYERS: Readonly<Record<string, Layer>>;
