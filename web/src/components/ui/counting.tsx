import { useEffect, useLayoutEffect, useRef } from "react";
import { mayMove } from "@/lib/motion";
import { isVisible, watchVisibility } from "@/lib/visibility";

const TAKES = 900;

interface CountingProps {
  value: number;
  /** Must be a constant. */
  format: (value: number) => string;
}

/** A figure that counts to its new value. React knows only the end; what is between is written past it. */
export function Counting({ value, format }: CountingProps) {
  const element = useRef<HTMLSpanElement>(null);
  const shown = useRef(value);
  useEffect(() => (element.current ? watchVisibility(element.current) : undefined), []);
  useLayoutEffect(() => {
    const text = element.current?.firstChild;
    const from = shown.current;
    if (!(text instanceof Text) || from === value || !isSeen(element.current) || !mayMove()) {
      shown.current = value;
      return;
    }
    let frame = 0;
    let began: number | null = null;
    const write = (now: number) => {
      began ??= now;
      const share = Math.min(1, (now - began) / TAKES);
      // Cubic, so that the last digits are legible before they stand still.
      shown.current = share === 1 ? value : value - (value - from) * (1 - share) ** 3;
      text.data = format(shown.current);
      if (share < 1) frame = requestAnimationFrame(write);
    };
    text.data = format(from);
    frame = requestAnimationFrame(write);
    return () => {
      cancelAnimationFrame(frame);
      text.data = format(value);
    };
  }, [value, format]);
  return <span ref={element}>{format(value)}</span>;
}

const isSeen = (element: Element | null) => element !== null && isVisible(element);
