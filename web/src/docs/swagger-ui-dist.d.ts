// The package carries no types; this is all that is used of it.
declare module "swagger-ui-dist/swagger-ui-es-bundle.js" {
  export default function SwaggerUI(options: {
    url: string;
    domNode: HTMLElement | null;
    deepLinking?: boolean;
  }): void;
}
