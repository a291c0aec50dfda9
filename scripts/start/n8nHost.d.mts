export interface Owner {
  readonly email: string;
  readonly passwordHash: string;
}

export function freePort(): Promise<number>;
export function hashPassword(n8nFolder: string, password: string): string;
export function n8nProgram(n8nFolder: string): string;
export function placePackage(packageFolder: string, userFolder: string): void;
export function n8nEnvironment(options: { readonly userFolder: string; readonly port: number; readonly brokerPort: number; readonly owner: Owner }): Record<string, string | undefined>;
