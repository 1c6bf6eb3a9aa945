/** What has happened to a contact so far, asked for anew with every change that the floor tells of it; and why. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { contactQuery } from "@/api/contacts";
import type { ContactDetail } from "@/api/types";
import { Course, Question } from "@/journal/ContactDrawer";

/** `now`: says another thing when what the floor shows of the contact has changed. */
export function useLiveContact(contact: string, now: string): { data: ContactDetail | undefined; error: Error | null } {
  const client = useQueryClient();
  useEffect(() => void client.invalidateQueries({ queryKey: ["contact", contact] }), [client, contact, now]);
  return useQuery(contactQuery(contact));
}

export function LiveCourse({ contact, now }: { contact: string; now: string }) {
  const { data } = useLiveContact(contact, now);
  return (
    <>
      {data && <Course contact={data} />}
      <Question key={contact} contact={contact} now={now} />
    </>
  );
}
