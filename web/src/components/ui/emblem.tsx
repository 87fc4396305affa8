import { emblemOf, FIELDS } from "@/lib/emblem";

interface EmblemProps {
  /** What the emblem is made from: whoever keeps it keeps his emblem. */
  of: string;
  color: string;
  className: string;
}

/** A sign of somebody, in the colour that he chose. */
export function Emblem({ of, color, className }: EmblemProps) {
  return (
    <svg
      viewBox={`-1 -1 ${FIELDS + 2} ${FIELDS + 2}`}
      aria-hidden="true"
      shapeRendering="crispEdges"
      className={`shrink-0 rounded-lg bg-coal ring-1 ring-line ${className}`}
    >
      {emblemOf(of).map(({ x, y }) => (
        <rect key={`${x}:${y}`} x={x} y={y} width={1} height={1} fill={color} />
      ))}
    </svg>
  );
}
