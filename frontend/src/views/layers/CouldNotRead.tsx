interface CouldNotReadProps {
  what: string;
  reason: string;
  retry(): void;
}

/** Says that figures are missing because the server could not give them. */
export function CouldNotRead({what, reason, retry}: CouldNotReadProps) {
  return (
    <p class="cap could-not" role="status" title={reason}>
      Could not read {what} <button type="button" class="go" onClick={retry}>Retry</button>
    </p>
  );
}
