import { FrameMessage } from "@/features/frames/components/frame-message";
import { texts } from "@/texts";
import { BoardFrame } from "./board-frame";
import { readFrameAddress } from "./frame-address";
import { OverlayFrame } from "./overlay-frame";
import { RaceFrame } from "./race-frame";

/** What is shown at an address under `/overlay/` or `/embed/`. */
export function FrameApp({ address }: { address: { pathname: string; search: string } }) {
  const frame = readFrameAddress(address);
  switch (frame.kind) {
    case "overlay":
      return frame.token ? (
        <OverlayFrame race={frame.race} top={frame.top} token={frame.token} />
      ) : (
        <FrameMessage>{texts.info.frames.noToken}</FrameMessage>
      );
    case "race":
      return <RaceFrame race={frame.race} top={frame.top} />;
    case "board":
      return <BoardFrame period={frame.period} top={frame.top} />;
    case "nothing":
      return <FrameMessage>{texts.info.frames.badAddress}</FrameMessage>;
  }
}
