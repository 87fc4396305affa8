import type { components } from "@/api/schema";
import type {
  Health,
  LeaderboardData,
  LeaderboardEntry,
  Player,
  PlayerHistory,
  Race,
  RaceList,
  RaceParticipant,
  RacePosition,
  RaceStandings,
} from "@/api/types";
import type { Me } from "@/session/me";

/** Made-up answers of the server. */

export const AS_OF = "2026-11-20T12:00:00Z";

export function aHealth(change: Partial<Health> = {}): Health {
  return { status: "ok", version: "0.1.0", staleAfterSeconds: 900, lastSync: null, ...change };
}

export function standing(name: string, wagered: number, place: number, prize = 0): RaceParticipant {
  return { userId: null, goatedId: `uid-${name}`, username: name, wagered, position: place, prize };
}

export function aRace(change: Partial<Race> = {}, metadata: Partial<Race["metadata"]> = {}): Race {
  return {
    id: 7,
    name: "November race",
    type: "monthly",
    startDate: "2026-11-01T00:00:00Z",
    endDate: "2026-12-01T00:00:00Z",
    status: "live",
    prizePool: "500.00",
    participants: [
      standing("ann", 400, 1, 300),
      standing("bob", 300, 2, 150),
      standing("cat", 200, 3, 50),
      standing("dan", 100, 4),
    ],
    metadata: {
      lastUpdated: AS_OF,
      asOf: AS_OF,
      version: 41,
      transitionEnds: null,
      nextRaceStart: null,
      // What was left at AS_OF: pages learn the server's time from it.
      secondsLeft: 10.5 * 86_400,
      phase: "live",
      tiePolicy: "first_to_reach",
      minWager: "0",
      timezone: "UTC",
      participantCount: 4,
      totalWagered: 1_000,
      prizes: [
        { place: 1, amount: 300 },
        { place: 2, amount: 150 },
        { place: 3, amount: 50 },
      ],
      boundaries: { start: null, end: null },
      result: null,
      marks: [],
      ...metadata,
    },
    ...change,
  };
}

export function standings(data: RaceParticipant[] = aRace().participants, page = 1): RaceStandings {
  const total = aRace().metadata.participantCount;
  return { data, metadata: aRace().metadata, pagination: { total, page, limit: 100, pages: 1 } };
}

export function aMe(change: Partial<Me> = {}): components["schemas"]["Me"] {
  return {
    user: {
      id: 1,
      username: "ann",
      email: "ann@example.com",
      emailVerified: true,
      role: "user",
      isAdmin: false,
      permissions: [],
      bio: null,
      profileColor: "#D7FF00",
      privacy: "public",
      createdAt: AS_OF,
      lastLogin: AS_OF,
      ageConfirmed: true,
      selfExcluded: false,
      selfExcludedUntil: null,
      totpEnabled: false,
      recoveryCodesLeft: 0,
      goatedId: "uid-ann",
      goatedUsername: "ann",
      goatedAccountLinked: true,
      version: 1,
      ...change,
    },
    csrfToken: "token",
  };
}

export function aPosition(change: Partial<RacePosition> = {}): RacePosition {
  return {
    position: 4,
    wagered: 100,
    prize: 0,
    toNext: 100,
    toPrize: 100,
    participants: 4,
    asOf: AS_OF,
    version: 41,
    ...change,
  };
}

export function races(...changes: Partial<RaceList["data"][number]>[]): RaceList {
  const { participants: _, metadata, ...race } = aRace();
  const all = changes.length > 0 ? changes : [{}];
  return {
    data: all.map((change) => ({ ...race, phase: metadata.phase, timezone: "UTC", winners: [], ...change })),
    pagination: { total: all.length, page: 1, limit: 20, pages: 1 },
  };
}

export function entry(name: string, amount: number, rank: number | null, id = rank ?? 1): LeaderboardEntry {
  return {
    uid: `uid-${name}`,
    id,
    name,
    wagered: { today: amount, this_week: amount, this_month: amount, all_time: amount },
    lastUpdate: AS_OF,
    rank,
    tier: "bronze",
    userId: null,
    profileColor: null,
  };
}

const PLAYERS = 250;

export function aBoard({ page = 1, search = "", version = 41 } = {}): LeaderboardData {
  const everybody = Array.from({ length: PLAYERS }, (_, at) =>
    entry(`player${at + 1}`, 10_000 - at, at + 1, at + 1),
  );
  const found = everybody.filter(({ name }) => name.includes(search));
  return {
    data: found.slice((page - 1) * 100, page * 100),
    metadata: {
      totalUsers: PLAYERS,
      rankedUsers: PLAYERS,
      lastUpdated: AS_OF,
      asOf: AS_OF,
      version,
      status: "live",
      period: "all_time",
      marks: [],
    },
    pagination: { total: found.length, page, limit: 100, pages: Math.ceil(found.length / 100) },
  };
}

export function aPlayer(change: Partial<Player> = {}): Player {
  return {
    id: 12,
    username: "ann",
    bio: null,
    profileColor: "#D7FF00",
    createdAt: AS_OF,
    goatedId: "uid-ann",
    goatedUsername: "ann",
    goatedAccountLinked: false,
    totalWager: "25000",
    wager: { all_time: 25_000, monthly: 400, weekly: 40, daily: 0 },
    lastWagerSync: AS_OF,
    tier: {
      name: "silver",
      displayName: "Silver",
      minWager: 10_000,
      color: "#C0C0C0",
      benefits: ["Priority customer support"],
      progress: 0.1666,
      corrected: false,
      next: { name: "gold", displayName: "Gold", minWager: 100_000, missing: 75_000 },
    },
    ranks: { today: null, this_week: 2, this_month: 1, all_time: 245 },
    racesWon: 1,
    metadata: { asOf: AS_OF, version: 41, marks: [] },
    ...change,
  };
}

export function history(points: PlayerHistory["points"] = []): PlayerHistory {
  return { window: "7d", since: AS_OF, points };
}
