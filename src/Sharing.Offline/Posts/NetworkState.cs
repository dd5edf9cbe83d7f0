namespace Sharing.Offline;

/// <summary>A network, and whether somebody is connected to it.</summary>
/// <param name="Network">Its name.</param>
/// <param name="Connected">Whether he is.</param>
/// <param name="Audiences">The audiences that it can honour.</param>
/// <param name="NeedsAccount">Whether it wants an account of his; one that does not is part of the server, and everybody is connected to it.</param>
public sealed record NetworkState(string Network, bool Connected, IReadOnlyList<AudienceKind> Audiences, bool NeedsAccount = true);
