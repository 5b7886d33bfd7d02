import type { Property } from "../types.ts";

/** A JSON Schema's type as one would say it. */
export function typeOf({ type, format, enum: values, anyOf }: Property): string {
  if (anyOf) return anyOf.map(typeOf).join(" or ");
  if (values) return values.map((value) => `“${value}”`).join(", ");
  if (format === "date-time") return "time";
  return type === "integer" ? "whole number" : (type ?? "anything");
}
