/** Work that is loaded from the server, newest wish first. */
export interface Job {
  run(signal: AbortSignal): Promise<void>;
  /** Called when the job is dropped before it ends. */
  drop(): void;
}

interface Running {
  isUrgent: boolean;
  control: AbortController;
}

/** As many as a browser opens to one server. */
const PARALLEL = 6;
/** Of which so many may be for later. */
const PARALLEL_IDLE = 2;
const LONGEST = 24;

/** Runs a few jobs at once; what nobody waits for any more gives way to newer wishes. */
export class Queue {
  private readonly urgent: Job[] = [];
  private readonly idle: Job[] = [];
  private readonly running = new Set<Running>();

  /** Adds a job that somebody waits for. */
  push(job: Job): void {
    this.urgent.push(job);
    while (this.urgent.length > LONGEST) this.urgent.shift()!.drop();
    if (this.running.size >= PARALLEL) this.makeRoom();
    this.pump();
  }

  /** Adds a job for when nothing else is to do. */
  prefetch(job: Job): void {
    this.idle.push(job);
    while (this.idle.length > LONGEST) this.idle.shift()!.drop();
    this.pump();
  }

  private makeRoom(): void {
    const [later] = [...this.running].filter(({isUrgent, control}) => !isUrgent && !control.signal.aborted);
    later?.control.abort();
  }

  private pump(): void {
    while (this.running.size < PARALLEL) {
      const wanted = this.urgent.pop();
      const job = wanted ?? (this.running.size < PARALLEL_IDLE ? this.idle.shift() : undefined);
      if (!job) return;
      void this.start(job, wanted !== undefined);
    }
  }

  private async start(job: Job, isUrgent: boolean): Promise<void> {
    const running = {isUrgent, control: new AbortController()};
    this.running.add(running);
    try {
      await job.run(running.control.signal);
    } finally {
      if (running.control.signal.aborted) job.drop();
      this.running.delete(running);
      this.pump();
    }
  }
}
