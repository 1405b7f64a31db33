/** The same state in three dimensions: the Earth, places, arcs of missiles and interceptors, reach of the radars. */

import {
  AmbientLight,
  BufferAttribute,
  BufferGeometry,
  CanvasTexture,
  Color,
  DirectionalLight,
  DoubleSide,
  Group,
  Line,
  LineBasicMaterial,
  Mesh,
  MeshBasicMaterial,
  MeshLambertMaterial,
  PerspectiveCamera,
  Points as Cloud,
  PointsMaterial,
  Scene as World,
  SphereGeometry,
  SRGBColorSpace,
  Vector3,
  WebGLRenderer,
  type Material,
  type Object3D,
} from "three";
import { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";
import type { Playback, Track } from "../contract";
import type { Borders } from "../map/base";
import { DARK, LIGHT, type Band } from "../map/colours";
import { along, RADIUS_KM, reached } from "../map/geodesy";
import type { Planes } from "../planes";
import type { Points } from "../points";

const RAD = Math.PI / 180;
const WIDE = 4096;
const HIGH = 2048;

export interface Standing {
  lat: number;
  lon: number;
  form: string;
  on: boolean;
}

export interface Volume {
  lat: number;
  lon: number;
  km: number;
  boresight: number | null;
  half: number | null;
}

/** Place in the world, whose unit is the Earth's radius. */
export function spot(lat: number, lon: number, altitudeKm = 0): Vector3 {
  const r = 1 + altitudeKm / RADIUS_KM;
  const [a, b] = [lat * RAD, lon * RAD];
  return new Vector3(r * Math.cos(a) * Math.cos(b), r * Math.sin(a), -r * Math.cos(a) * Math.sin(b));
}

/** Why WebGL is not to be had; null where it is. */
export function withoutWebGL(): string | null {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("webgl2");
  if (!context)
    return "The globe needs WebGL 2, which this browser does not give: it is switched off, or there is no graphics processor that it may use. The map and the table show the same.";
  context.getExtension("WEBGL_lose_context")?.loseContext();
  return null;
}

export class Globe {
  private readonly renderer: WebGLRenderer;
  private readonly world = new World();
  private readonly camera = new PerspectiveCamera(38, 1, 0.01, 20);
  private readonly controls: OrbitControls;
  private readonly earth: Mesh<SphereGeometry, MeshLambertMaterial>;
  private readonly sheet = document.createElement("canvas");
  private readonly texture: CanvasTexture;
  private readonly layers = { places: new Group(), sites: new Group(), volumes: new Group(), arcs: new Group() };
  private borders: Planes<Borders> | null = null;
  private drawing = 0;

  constructor(
    private readonly holder: HTMLElement,
    centre: [number, number],
    private dark: boolean,
  ) {
    this.renderer = new WebGLRenderer({ antialias: true, alpha: true });
    this.renderer.setPixelRatio(Math.min(2, devicePixelRatio));
    holder.append(this.renderer.domElement);
    this.renderer.domElement.setAttribute("aria-hidden", "true");
    this.sheet.width = WIDE;
    this.sheet.height = HIGH;
    this.texture = new CanvasTexture(this.sheet);
    this.texture.colorSpace = SRGBColorSpace;
    this.texture.anisotropy = 8;
    this.earth = new Mesh(new SphereGeometry(1, 128, 64), new MeshLambertMaterial({ map: this.texture }));
    const light = new DirectionalLight(0xffffff, 1.2);
    light.position.copy(spot(55, centre[1] - 40).multiplyScalar(5));
    this.world.add(this.earth, new AmbientLight(0xffffff, 2.2), light, ...Object.values(this.layers));
    this.camera.position.copy(spot(centre[0] - 12, centre[1]).multiplyScalar(2.35));
    this.controls = new OrbitControls(this.camera, this.renderer.domElement);
    this.controls.enablePan = false;
    this.controls.minDistance = 1.08;
    this.controls.maxDistance = 6;
    this.controls.addEventListener("change", () => {
      this.controls.rotateSpeed = Math.min(1, (this.camera.position.length() - 1) * 0.7);
      this.again();
    });
    this.resized();
  }

  /** Turn and come nearer by keys: degrees east and north, and a factor of the distance. */
  turn(east: number, north: number, nearer: number): void {
    const at = this.camera.position;
    const length = at.length();
    const lat = Math.max(-85, Math.min(85, Math.asin(at.y / length) / RAD + north));
    const lon = Math.atan2(-at.z, at.x) / RAD + east;
    const height = Math.max(0.08, Math.min(5, (length - 1) * nearer));
    at.copy(spot(lat, lon).multiplyScalar(1 + height));
    this.controls.update();
    this.again();
  }

  resized(): void {
    const { clientWidth: width, clientHeight: height } = this.holder;
    if (!width || !height) return;
    this.renderer.setSize(width, height);
    this.camera.aspect = width / height;
    this.camera.updateProjectionMatrix();
    this.again();
  }

  again(): void {
    if (this.drawing) return;
    this.drawing = requestAnimationFrame(() => {
      this.drawing = 0;
      this.renderer.render(this.world, this.camera);
    });
  }

  close(): void {
    cancelAnimationFrame(this.drawing);
    this.controls.dispose();
    for (const layer of Object.values(this.layers)) clear(layer);
    this.texture.dispose();
    this.renderer.dispose();
    this.renderer.forceContextLoss();
    this.renderer.domElement.remove();
  }

  setTheme(dark: boolean): void {
    this.dark = dark;
    this.drawGround();
  }

  setBorders(borders: Planes<Borders>): void {
    this.borders = borders;
    this.drawGround();
  }

  private drawGround(): void {
    const context = this.sheet.getContext("2d");
    const { borders } = this;
    if (!context || !borders) return;
    const theme = this.dark ? DARK : LIGHT;
    context.fillStyle = this.dark ? "#16222e" : "#c9dae6";
    context.fillRect(0, 0, WIDE, HIGH);
    const start = borders.u4("start");
    const country = borders.u2("country");
    const lon = borders.f4("a");
    const lat = borders.f4("b");
    const land = [new Path2D(), new Path2D()];
    for (let ring = 0; ring + 1 < start.length; ring++) {
      const path = land[borders.header.countries[country[ring]!]?.member ? 1 : 0]!;
      for (let i = start[ring]!; i < start[ring + 1]!; i++) {
        const x = ((lon[i]! + 180) / 360) * WIDE;
        const y = ((90 - lat[i]!) / 180) * HIGH;
        if (i === start[ring]) path.moveTo(x, y);
        else path.lineTo(x, y);
      }
      path.closePath();
    }
    land.forEach((path, member) => {
      context.fillStyle = member ? theme.member : theme.land;
      context.fill(path, "evenodd");
      context.strokeStyle = theme.border;
      context.lineWidth = 0.8;
      context.stroke(path);
    });
    this.texture.needsUpdate = true;
    this.again();
  }

  setPlaces(points: Points, bandOf: Uint8Array, bands: readonly Band[]): void {
    clear(this.layers.places);
    const palette = bands.map((band) => new Color(band.dot));
    const sizes = [0, 50_000, 500_000, 3_000_000, Infinity];
    for (let size = 0; size + 1 < sizes.length; size++) {
      const chosen: number[] = [];
      for (let i = 0; i < points.n; i++) {
        const count = points.kind[i] === 1 ? 0 : points.people[i]!;
        if (count >= sizes[size]! && count < sizes[size + 1]!) chosen.push(i);
      }
      const at = new Float32Array(3 * chosen.length);
      const colour = new Float32Array(3 * chosen.length);
      chosen.forEach((i, j) => {
        spot(points.lat[i]!, points.lon[i]!, 6 + size).toArray(at, 3 * j);
        (palette[bandOf[i]!] ?? palette[0]!).toArray(colour, 3 * j);
      });
      const shape = new BufferGeometry();
      shape.setAttribute("position", new BufferAttribute(at, 3));
      shape.setAttribute("color", new BufferAttribute(colour, 3));
      const width = [0.0035, 0.007, 0.014, 0.026][size]!;
      this.layers.places.add(new Cloud(shape, new PointsMaterial({ size: width, vertexColors: true })));
    }
    this.again();
  }

  setSites(sites: readonly Standing[], volumes: readonly Volume[]): void {
    clear(this.layers.sites);
    clear(this.layers.volumes);
    const theme = this.dark ? DARK : LIGHT;
    for (const site of sites) {
      const colour = !site.on ? theme.quiet : site.form === "radar" ? "#e0a400" : this.dark ? "#8fa3ff" : "#1b2a6b";
      const mark = new Mesh(new SphereGeometry(0.009, 16, 12), new MeshBasicMaterial({ color: colour }));
      mark.position.copy(spot(site.lat, site.lon, 25));
      this.layers.sites.add(mark);
    }
    for (const volume of volumes) this.layers.volumes.add(...dome(volume, theme.radar));
    this.again();
  }

  setArcs(
    tracks: readonly Track[],
    raid: { playback: Playback; time: number } | null,
    areas: readonly { rings: [number, number][][]; denied: boolean }[],
  ): void {
    clear(this.layers.arcs);
    const theme = this.dark ? DARK : LIGHT;
    const line = (path: { lat: number[]; lon: number[]; altitude_km: number[] }, to: number, colour: string): void => {
      const at = Array.from({ length: to }, (_, i) => spot(path.lat[i]!, path.lon[i]!, path.altitude_km[i]!));
      if (at.length > 1) this.layers.arcs.add(stroke(at, colour, 0.9));
    };
    if (!raid) {
      for (const track of tracks) line(track, track.lat.length, theme.launch);
      for (const { rings, denied } of areas)
        for (const ring of rings) {
          const edge = ring.map(([lat, lon]) => spot(lat, lon, 15));
          this.layers.arcs.add(stroke(edge, denied ? theme.link : theme.shot, 1));
        }
    } else {
      for (const loss of raid.playback.losses) {
        const place = raid.playback.elements.find((row) => row.name === loss.element);
        if (!place || raid.time < loss.begins_s || raid.time >= (loss.ends_s ?? Infinity)) continue;
        const mark = new Mesh(new SphereGeometry(0.016, 16, 12), new MeshBasicMaterial({ color: "#c63f17" }));
        mark.position.copy(spot(place.lat, place.lon, 40));
        this.layers.arcs.add(mark);
      }
      for (const threat of raid.playback.threats) {
        if (raid.time < threat.launched_s) continue;
        const now = along(threat.path, raid.time);
        line(threat.path, now ? now.at + 1 : threat.path.lat.length, theme.launch);
        if (now) this.layers.arcs.add(head(now.lat, now.lon, now.altitude, theme.launch));
        for (const shot of threat.shots) {
          const fired = shot.path && along(shot.path, raid.time);
          if (!shot.path || !fired) continue;
          line(shot.path, fired.at + 1, theme.shot);
          this.layers.arcs.add(head(fired.lat, fired.lon, fired.altitude, theme.shot));
        }
      }
    }
    this.again();
  }
}

function head(lat: number, lon: number, altitude: number, colour: string): Mesh {
  const mark = new Mesh(new SphereGeometry(0.008, 12, 10), new MeshBasicMaterial({ color: colour }));
  mark.position.copy(spot(lat, lon, altitude));
  return mark;
}

function stroke(at: Vector3[], color: string, opacity: number): Line {
  const material = new LineBasicMaterial({ color, transparent: opacity < 1, opacity });
  return new Line(new BufferGeometry().setFromPoints(at), material);
}

/** A radar's reach as a see-through shell: its slant range from the horizon up to 60 degrees of elevation. */
function dome(volume: Volume, colour: string): Object3D[] {
  const whole = volume.boresight === null || volume.half === null || volume.half >= 180;
  const from = whole ? 0 : volume.boresight! - volume.half!;
  const to = whole ? 360 : volume.boresight! + volume.half!;
  const [across, up] = [Math.max(12, Math.ceil((to - from) / 5)), 10];
  const at: number[] = [];
  const rim: Vector3[] = whole ? [] : [spot(volume.lat, volume.lon, 2)];
  for (let j = 0; j <= up; j++)
    for (let i = 0; i <= across; i++) {
      const elevation = (60 * j * RAD) / up;
      const bearing = from + ((to - from) * i) / across;
      const r = Math.hypot(RADIUS_KM + volume.km * Math.sin(elevation), volume.km * Math.cos(elevation));
      const ground = Math.asin((volume.km * Math.cos(elevation)) / r) * RADIUS_KM;
      const place = spot(...reached(volume.lat, volume.lon, bearing, ground), r - RADIUS_KM);
      at.push(place.x, place.y, place.z);
      if (j === 0) rim.push(place);
    }
  if (!whole) rim.push(spot(volume.lat, volume.lon, 2));
  const index: number[] = [];
  for (let j = 0; j < up; j++)
    for (let i = 0; i < across; i++) {
      const a = j * (across + 1) + i;
      index.push(a, a + 1, a + across + 1, a + 1, a + across + 2, a + across + 1);
    }
  const shape = new BufferGeometry();
  shape.setAttribute("position", new BufferAttribute(new Float32Array(at), 3));
  shape.setIndex(index);
  const material = new MeshBasicMaterial({
    color: colour,
    transparent: true,
    opacity: 0.1,
    side: DoubleSide,
    depthWrite: false,
  });
  return [new Mesh(shape, material), stroke(rim, colour, 0.8)];
}

function clear(group: Group): void {
  for (const child of [...group.children]) {
    group.remove(child);
    const { geometry, material } = child as Mesh;
    geometry.dispose();
    for (const each of (Array.isArray(material) ? material : [material]) as Material[]) each.dispose();
  }
}
