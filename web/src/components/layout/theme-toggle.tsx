import { useTheme } from "@/hooks/use-theme";
import { texts } from "@/texts";

const SUN = "M12 4V2m0 20v-2m8-8h2M2 12h2m13.7-5.7 1.4-1.4M4.9 19.1l1.4-1.4m0-11.4L4.9 4.9m14.2 14.2-1.4-1.4";
const MOON = "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z";

export function ThemeToggle() {
  const [theme, choose] = useTheme();
  const dark = theme === "dark";
  return (
    <button
      type="button"
      aria-label={dark ? texts.theme.toLight : texts.theme.toDark}
      onClick={() => choose(dark ? "light" : "dark")}
      className="grid size-11 place-items-center rounded-md hover:bg-raised"
    >
      <svg viewBox="0 0 24 24" className="size-5 fill-none stroke-current stroke-2" aria-hidden="true">
        {dark && <circle cx="12" cy="12" r="4" />}
        <path d={dark ? SUN : MOON} strokeLinecap="round" strokeLinejoin="round" />
      </svg>
    </button>
  );
}
