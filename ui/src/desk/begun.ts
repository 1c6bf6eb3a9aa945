import type { DeskContact } from "@/api/types";

/** There is, or will be, something to say and to write down of it. */
export const begun = (contact: DeskContact) => contact.state !== "offered" && !contact.placed && !contact.asked && contact.direction !== "internal";
