import { type ComponentType, lazy } from "react";

const Nothing = () => null;

/** A small sign beside what matters, loaded apart: where it cannot be had, nothing else goes with it. */
export const ornament = <Props extends object>(load: () => Promise<ComponentType<Props>>, otherwise: ComponentType<Props> = Nothing) =>
  lazy(async () => ({ default: await load().catch(() => otherwise) }));
