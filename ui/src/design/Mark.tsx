/** The mark of Otklik: a word and its echo. */
export function Mark({ size = 32 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden>
      <rect width="32" height="32" rx="8" fill="var(--accent-solid)" />
      <g fill="none" stroke="var(--on-solid)" strokeWidth="2.6" strokeLinecap="round">
        <circle cx="11.5" cy="16" r="2.2" fill="var(--on-solid)" stroke="none" />
        <path d="M15.6 10.9a7 7 0 0 1 0 10.2" />
        <path d="M19.9 7.4a12.2 12.2 0 0 1 0 17.2" />
      </g>
    </svg>
  );
}
