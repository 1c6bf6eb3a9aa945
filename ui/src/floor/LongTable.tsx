/** A table of which only the rows that can be seen are drawn; each row has the same height then. */
import type { ReactNode } from "react";

import { useWindow } from "@/floor/useWindow";

/** As in the style sheet: `.table td` and its line. */
const ROW = 41;

interface Props<Row> {
  name: string;
  head: ReactNode;
  columns: number;
  rows: readonly Row[];
  row: (row: Row) => ReactNode;
}

export function LongTable<Row>({ name, head, columns, rows, row }: Props<Row>) {
  const { body, first, last, above, below } = useWindow(rows.length, ROW);
  const long = above > 0 || below > 0;
  return (
    <table className={`table ${long ? "longTable" : ""}`} aria-label={name} aria-rowcount={rows.length + 1}>
      <thead>
        <tr>{head}</tr>
      </thead>
      <tbody ref={body}>
        {above > 0 && <Room columns={columns} height={above} />}
        {rows.slice(first, last).map(row)}
        {below > 0 && <Room columns={columns} height={below} />}
      </tbody>
    </table>
  );
}

function Room({ columns, height }: { columns: number; height: number }) {
  return (
    <tr aria-hidden className="longTableRoom">
      <td colSpan={columns} style={{ height }} />
    </tr>
  );
}
