import type { ReactNode } from "react";

export interface Column<Row> {
  title: string;
  cell: (row: Row) => ReactNode;
  /** For figures. */
  right?: boolean;
}

interface DataTableProps<Row> {
  label: string;
  rows: readonly Row[];
  keyOf: (row: Row) => string | number;
  /** The first one names the row. */
  columns: readonly Column<Row>[];
}

const CELL =
  "px-4 py-2 align-top max-md:grid max-md:grid-cols-[7.5rem_minmax(0,1fr)] max-md:gap-3 max-md:py-1 max-md:before:text-sm max-md:before:text-muted max-md:before:content-[attr(data-label)]";

/** A table; on a phone each of its rows is a card, with the heads beside their values. */
export function DataTable<Row>({ label, rows, keyOf, columns }: DataTableProps<Row>) {
  return (
    <table aria-label={label} className="w-full text-left text-sm tabular-nums max-md:block">
      <thead className="border-y border-line text-muted max-md:sr-only">
        <tr>
          {columns.map(({ title, right }) => (
            <th key={title} scope="col" className={`px-4 py-2 font-medium ${right ? "text-right" : ""}`}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className="max-md:block">
        {rows.map((row) => (
          <tr key={keyOf(row)} className="border-b border-line last:border-0 max-md:block max-md:py-2">
            {columns.map(({ title, cell, right }, at) =>
              at === 0 ? (
                <th
                  key={title}
                  scope="row"
                  className="px-4 py-2 align-top font-semibold break-words max-md:block max-md:text-base"
                >
                  {cell(row)}
                </th>
              ) : (
                <td
                  key={title}
                  data-label={title}
                  className={`${CELL} break-words ${right ? "md:text-right" : ""}`}
                >
                  <div className="min-w-0">{cell(row)}</div>
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
