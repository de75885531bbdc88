export function offerScan(taken: (text: string) => boolean): void {
  void taken;
}
export function stopScan(): void {}
