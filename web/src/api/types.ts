import type { components } from "./schema";

type Schemas = components["schemas"];

export type Health = Schemas["Health"];
export type Period = Schemas["Period"];
export type Mark = Schemas["Mark"];
export type TierLevel = Schemas["TierLevel"];
export type TierProgress = Schemas["TierProgress"];
export type LeaderboardData = Schemas["LeaderboardData"];
export type LeaderboardEntry = Schemas["LeaderboardEntry"];
export type Race = Schemas["WagerRaceResponse"];
export type RaceSummary = Schemas["ListedRace"];
export type RaceType = RaceSummary["type"];
export type RacePosition = Schemas["RacePosition"];
export type RaceExplanation = Schemas["RaceExplanation"];
export type RaceList = Schemas["WagerRaceList"];
export type RaceParticipant = Schemas["RaceParticipant"];
export type RaceMetadata = Schemas["RaceMetadata"];
export type RaceStandings = Schemas["RaceStandings"];
export type Phase = RaceMetadata["phase"];
export type Player = Schemas["UserProfile"];
export type PlayerHistory = Schemas["PlayerHistory"];
export type HistoryPoint = Schemas["HistoryPoint"];
export type Pagination = Schemas["Pagination"];
