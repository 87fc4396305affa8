import { createContext, type ReactNode, useContext, useEffect, useSyncExternalStore } from "react";
import type { ConnectionState, LiveSocket } from "./socket";

const LiveContext = createContext<LiveSocket | null>(null);

export function LiveProvider({ socket, children }: { socket: LiveSocket; children: ReactNode }) {
  useEffect(() => {
    socket.start();
    const wake = () => {
      if (document.visibilityState === "visible") socket.wake();
    };
    document.addEventListener("visibilitychange", wake);
    window.addEventListener("online", wake);
    return () => {
      document.removeEventListener("visibilitychange", wake);
      window.removeEventListener("online", wake);
      socket.stop();
    };
  }, [socket]);
  return <LiveContext value={socket}>{children}</LiveContext>;
}

function useSocket(): LiveSocket {
  const socket = useContext(LiveContext);
  if (!socket) throw new Error("There is no LiveProvider above this component.");
  return socket;
}

/** Keep a topic subscribed while the component is mounted; null watches nothing. */
export function useTopic(topic: string | null): void {
  const socket = useSocket();
  useEffect(() => (topic === null ? undefined : socket.watch(topic)), [socket, topic]);
}

export function useConnection(): ConnectionState {
  const socket = useSocket();
  return useSyncExternalStore(
    (changed) => socket.onState(changed),
    () => socket.state,
  );
}
