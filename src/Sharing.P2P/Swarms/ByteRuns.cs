namespace Sharing.P2P;

/// <summary>An event of the stream of what a terminal has.</summary>
/// <param name="Runs">Offset and length of each run, in bytes: "0+1048576,2097152+262144".</param>
public sealed record ByteRuns(string Runs);
