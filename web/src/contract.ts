/** The messages of the server, as `docs/web.md` and `/openapi.json` describe them. */

export interface Cited {
  value: number;
  low: number | null;
  high: number | null;
  unit: string;
  kind: string | null;
  path: string | null;
}

export interface Nation {
  code: string;
  name: string;
  from: number | null;
  until: number | null;
  headline: boolean;
}

export interface ThreatClass {
  name: string;
  title: string;
  max_range_km: Cited;
  min_range_km: Cited;
  headline: boolean;
  from: Cited | null;
  launch_areas: string[] | null;
}

export interface LaunchArea {
  name: string;
  title: string;
  lat: number;
  lon: number;
}

export interface DoctrineRow {
  firm_track_s: Cited;
  decision_s: Cited;
  reaction_s: Cited;
  handover_s: Cited;
  kill_assessment_s: Cited;
  support_s: Cited;
  support: string;
  handover_error_km: Cited | null;
  salvo: Cited;
  shots_required: Cited;
  look: boolean;
  protect: string;
}

export interface ArchitectureRow {
  name: string;
  title: string;
  year: number | null;
  extends: string | null;
  family: string | null;
  mode: string;
  c2: string | null;
  elements: string[];
  inactive: Record<string, string>;
  doctrine: DoctrineRow;
}

export interface Element {
  name: string;
  title: string;
  label: string;
  form: "radar" | "battery" | "satellite" | "node";
  kind: string | null;
  type: string | null;
  owner: string | null;
  basing: string | null;
  partner: boolean;
  lat: number | null;
  lon: number | null;
  altitude_m: number | null;
  site: string | null;
  together: string[];
  boresights_deg: number[];
  interceptors: number | null;
  from: number | null;
  until: number | null;
  movable: boolean;
}

export interface RadarType {
  name: string;
  title: string;
  band: string;
  supports_intercept: boolean;
  max_range_km: Cited;
  sector_halfwidth_deg: Cited | null;
  range_km: Record<string, { search: number; track: number }>;
}

export interface InterceptorType {
  name: string;
  title: string;
  burnout_speed_km_s: Cited;
  max_flight_time_s: Cited;
  intercept_altitude_km: [Cited, Cited];
}

export interface RaidRow {
  name: string;
  title: string;
  missiles: number;
  judged_on: string | null;
  doctrine: string | null;
  groups: { threat: string; from: string; aim: [number, number]; count: number }[];
}

export interface Projection {
  code: string;
  proj4: string;
  title: string;
  extent: [number, number, number, number];
  all: [number, number, number, number];
  clip_deg: [number, number, number, number];
  centre_deg: [number, number];
  graticule_step_deg: number;
}

export interface OpenScenario {
  sha256: string;
  name: string;
  title: string;
}

export interface Scene {
  start: string;
  version: string;
  scenario: OpenScenario & { bundled: string | null; origin: string };
  open: OpenScenario[];
  bundled: { name: string; title: string }[];
  architecture: string;
  report: boolean;
  report_path: string | null;
  projection: Projection;
  sets: Record<SetName, { sha256: string; points: number }>;
  borders: { sha256: string };
  levels: string[];
  modes: string[];
  supports: string[];
  nations: Nation[];
  headline: { title: string; classes_title: string; classes: string[] };
  classes: ThreatClass[];
  launch_areas: LaunchArea[];
  architectures: ArchitectureRow[];
  elements: Element[];
  radars: RadarType[];
  interceptors: InterceptorType[];
  satellites: { name: string; title: string }[];
  raids: RaidRow[];
  shot_doctrines: string[];
  c2: string[];
  attribution: string[];
  warnings: string[];
}

export type SetName = "coarse" | "exact";

export interface NationShare {
  population_share: number | null;
  threatened_population: number;
  defended_population: number;
  area_share: number | null;
}

export interface Headline {
  population_share: number | null;
  area_share: number | null;
  threatened_population: number;
  defended_population: number;
  threatened_area_km2: number;
  defended_area_km2: number;
  nations: Record<string, NationShare>;
  worst_nation: string | null;
}

export interface VerdictHeader {
  id: string;
  seq: number;
  start: string;
  set: SetName;
  points: string;
  n: number;
  level: string;
  classes: string[];
  architecture: string;
  year: number | null;
  about: boolean;
  method: string;
  why: string | null;
  cpu_ms: number;
  headline: Headline;
  notes: string[];
}

export interface PlanRow {
  architecture: string;
  id: string;
  year: number | null;
  method: string;
  why: string | null;
  headline: Headline;
}

export interface FirstOut {
  id: string;
  population_share: number;
  elements: { name: string; population_share: number; loss: number }[];
}

export interface DrawnElements {
  id: string;
  architecture: ArchitectureRow;
  elements: Element[];
  radars: RadarType[];
}

export interface Track {
  threat: string;
  area: string;
  loft_deg: number;
  time_s: number[];
  lat: number[];
  lon: number[];
  altitude_km: number[];
  burnout_s: number;
  apogee_km: number;
  impact_s: number;
}

export interface Run {
  id: string;
  kind: "raid" | "question" | "coverage";
  title: string;
  state: "waiting" | "running" | "done" | "failed" | "cancelled";
  done: number;
  total: number;
  text: string;
  error: string | null;
  files: { name: string; media_type: string; bytes: number }[];
  asked: Record<string, unknown>;
}

export interface Path4 {
  time_s: number[];
  lat: number[];
  lon: number[];
  altitude_km: number[];
}

export interface PlaybackShot {
  battery: string;
  launch_s: number;
  intercept_s: number;
  outcome: string;
  path: Path4 | null;
}

export interface PlaybackThreat {
  number: number;
  name: string;
  aim: string;
  aim_deg: [number, number];
  threat: string;
  launched_s: number;
  ends_s: number;
  leaked: boolean;
  path: Path4;
  tracks: { radar: string; begins_s: number; ends_s: number }[];
  shots: PlaybackShot[];
}

export interface PlaybackEvent {
  time_s: number;
  stage: string;
  who: string;
  text: string;
  threat: number | null;
}

/** Messages as columns; `from`, `to` and `kind` are numbers of `names` and `kinds`. */
export interface Messages {
  names: string[];
  kinds: string[];
  from: number[];
  to: number[];
  kind: number[];
  sent_s: (number | null)[];
  heard_s: number[];
}

export interface Playback {
  architecture: string;
  raid: string;
  c2: string | null;
  seed: number;
  replication: number;
  begins_s: number;
  ends_s: number;
  leakers: number;
  shots: number;
  threats: PlaybackThreat[];
  elements: { name: string; title: string; form: string; lat: number; lon: number; altitude_m: number }[];
  losses: { element: string; begins_s: number; ends_s: number | null; what: string }[];
  messages: Messages;
  events: PlaybackEvent[];
}

export interface Finding {
  line?: number | null;
  column?: number | null;
  where?: string;
  message: string;
}

export interface Opened {
  sha256: string;
  name: string;
  title: string;
  architecture: string;
  warnings: Finding[];
}

export interface Saved {
  name: string;
  yaml: string;
  architecture: string;
  command: string;
  notes: string[];
}

export interface QuestionTable {
  name: string;
  title: string;
  columns: { key: string; title: string; unit?: string | null }[];
  rows: unknown[][];
}

export interface Question {
  name: string;
  number: string;
  title: string;
}
