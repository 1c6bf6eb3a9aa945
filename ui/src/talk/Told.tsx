/** What was answered along the talk scripts of a contact that is over. */
import { useQuery } from "@tanstack/react-query";

import { toldQuery } from "@/api/talk";
import "@/talk/told.css";

export function Told({ contact }: { contact: string }) {
  const { data } = useQuery(toldQuery(contact));
  return (data ?? []).map((part, number) => (
    <section key={number} className="drawerCourse told">
      <h3 className="heading">
        {part.title}
        {part.agent && <span className="muted"> · {part.agent}</span>}
      </h3>
      <dl>
        {part.steps
          .filter((step) => step.answer || step.value)
          .map((step, index) => (
            <div key={index}>
              <dt>{step.said}</dt>
              <dd>{[step.answer, step.value].filter(Boolean).join(" · ")}</dd>
            </div>
          ))}
      </dl>
    </section>
  ));
}
