export { TiersPage as TiersRoute } from "@/features/tiers/components/tiers-page";
