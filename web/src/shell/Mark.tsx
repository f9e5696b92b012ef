/** The product's sign: a signal with two lamps. */
export function Mark() {
  return (
    <div className="flex items-center gap-2">
      <svg viewBox="0 0 32 32" className="size-6" aria-hidden="true">
        <rect width="32" height="32" rx="8" className="fill-[#1c1c1a] dark:fill-[#2e2e2b]" />
        <rect
          x="10"
          y="5"
          width="12"
          height="22"
          rx="6"
          className="fill-[#3a3a36] dark:fill-[#4a4a45]"
        />
        <circle cx="16" cy="11" r="3.6" fill="#f2b155" />
        <circle cx="16" cy="21" r="3.6" fill="#5fd394" />
      </svg>
      <span className="text-[15px] font-semibold tracking-tight">Signalbox</span>
    </div>
  );
}
