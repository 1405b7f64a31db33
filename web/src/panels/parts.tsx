/** Small parts that the panels share. */

import type { ComponentChildren, JSX } from "preact";
import { change } from "../format";

const ICONS = {
  undo: "M9 7L4 12l5 5M4.5 12H14a5.5 5.5 0 0 1 0 11",
  redo: "M15 7l5 5-5 5M19.5 12H10a5.5 5.5 0 0 0 0 11",
  link: "M10 14a4.5 4.5 0 0 0 6.4 0l3-3a4.5 4.5 0 0 0-6.4-6.4l-1 1M14 10a4.5 4.5 0 0 0-6.4 0l-3 3A4.5 4.5 0 0 0 11 19.4l1-1",
  save: "M12 3v12M7 10.5l5 5 5-5M4 20h16",
  open: "M3 6.5h6l2 2.5h10v10.5H3z",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  home: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2.5M12 19.5V22M2 12h2.5M19.5 12H22M5 5l1.7 1.7M17.3 17.3L19 19M19 5l-1.7 1.7M6.7 17.3L5 19",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z",
  pin: "M9 3h6l-1 6 4 4H6l4-4zM12 13v8",
  close: "M6 6l12 12M18 6L6 18",
  play: "M7 4.5v15l12-7.5z",
  pause: "M8 5v14M16 5v14",
  back: "M18 5v14L8 12zM6 5v14",
  reset: "M4 5v5h5M4.6 10A8 8 0 1 1 4 13.5",
  down: "M12 4v11M7 10.5l5 5 5-5M5 20h14",
} as const;

export function Icon({ name }: { name: keyof typeof ICONS }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={ICONS[name]} />
    </svg>
  );
}

export function IconButton(props: {
  icon: keyof typeof ICONS;
  label: string;
  onClick: () => void;
  disabled?: boolean;
  text?: boolean;
}): JSX.Element {
  return (
    <button
      type="button"
      class={props.text ? "plain" : "square"}
      aria-label={props.label}
      title={props.label}
      disabled={props.disabled}
      onClick={props.onClick}
    >
      <Icon name={props.icon} />
      {props.text ? <span>{props.label}</span> : null}
    </button>
  );
}

/** A change against the baseline: green where better, red where worse, in words for whom colours do not tell. */
export function Change(props: { now: number | null | undefined; before: number | null | undefined }): JSX.Element {
  const text = change(props.now, props.before);
  const how = text.startsWith("+") ? "better" : text.startsWith("−") ? "worse" : "same";
  return <span class={`change ${how}`}>{text}</span>;
}

export interface Choice<T extends string> {
  value: T;
  label: string;
  title?: string;
  disabled?: boolean;
}

/** A row of buttons of which one is pressed. */
export function Segments<T extends string>(props: {
  label: string;
  value: T;
  choices: readonly Choice<T>[];
  onChange: (value: T) => void;
}): JSX.Element {
  return (
    <div class="segments" role="group" aria-label={props.label}>
      {props.choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          aria-pressed={props.value === choice.value}
          title={choice.title}
          disabled={choice.disabled}
          onClick={() => {
            props.onChange(choice.value);
          }}
        >
          {choice.label}
        </button>
      ))}
    </div>
  );
}

export function Select<T extends string>(props: {
  label: string;
  value: T;
  choices: readonly Choice<T>[];
  onChange: (value: T) => void;
  hideLabel?: boolean;
}): JSX.Element {
  return (
    <label class="field">
      <span class={props.hideLabel ? "unseen" : ""}>{props.label}</span>
      <select
        value={props.value}
        onChange={(event) => {
          props.onChange(event.currentTarget.value as T);
        }}
      >
        {props.choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </label>
  );
}

export function Section(props: { title: string; aside?: ComponentChildren; children: ComponentChildren }): JSX.Element {
  return (
    <section class="section">
      <header>
        <h3>{props.title}</h3>
        {props.aside}
      </header>
      {props.children}
    </section>
  );
}
