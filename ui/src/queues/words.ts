/** What the choices of a queue are called. */
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";

import type { Overflow, Presence, Strategy } from "@/queues/queue";

export const STRATEGY: Record<Strategy, { name: MessageDescriptor; about: MessageDescriptor }> = {
  longest_idle: { name: msg`Longest free`, about: msg`Whoever has been free for the longest time.` },
  least_occupied: { name: msg`Least occupied`, about: msg`Whoever has spent the smallest part of the shift in contacts.` },
  fewest_handled: { name: msg`Fewest contacts`, about: msg`Whoever has had the fewest contacts in the shift.` },
  round_robin: { name: msg`In turn`, about: msg`Whoever was offered a contact the longest time ago.` },
  highest_level: { name: msg`Highest level`, about: msg`Whoever has the highest level in the queue; of equals the longest free.` },
  hunt: { name: msg`In a fixed order`, about: msg`Always the first of the list who is free.` },
  weighted_random: { name: msg`By chance, with weights`, about: msg`Drawn by the weights of the agents.` },
  ring_all: { name: msg`Ring all`, about: msg`Several at once; the first to accept has it.` },
};

export const PRESENCE: Record<Presence, MessageDescriptor> = {
  always: msg`In any case`,
  logged_in: msg`With an agent in shift`,
  ready: msg`With a ready agent`,
};

export const OVERFLOW: Record<Overflow["when"], MessageDescriptor> = {
  wait: msg`Waits longer than (seconds)`,
  length: msg`Stands behind place`,
  agents: msg`Fewer agents in shift than`,
  ratio: msg`Waiting per agent at work, more than`,
};
