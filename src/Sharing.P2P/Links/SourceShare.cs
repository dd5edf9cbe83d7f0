using Sharing.Core;

namespace Sharing.P2P;

/// <summary>What one source brought of a share.</summary>
/// <param name="Name">The server's host, or a terminal's address.</param>
/// <param name="Kind">Which of them.</param>
/// <param name="Bytes">How many bytes it brought.</param>
public sealed record SourceShare(string Name, SourceKind Kind, long Bytes);
