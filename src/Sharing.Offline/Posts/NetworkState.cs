namespace Sharing.Offline;

/// <summary>A network, and whether somebody is connected to it.</summary>
/// <param name="Network">Its name.</param>
/// <param name="Connected">Whether he is.</param>
/// <param name="Audiences">The audiences that it can honour.</param>
/// <param name="Server">Where the account is that is connected, where that was said.</param>
/// <param name="Name">What the account is called there, where that was said.</param>
/// <param name="HasServers">Whether an account says at which server it is.</param>
/// <param name="HasNames">Whether one signs in by a name besides the token.</param>
/// <param name="NeedsToken">Whether an account there has a secret.</param>
/// <param name="NeedsAccount">Whether it wants an account of his; one that does not is part of the server, and everybody is connected to it.</param>
public sealed record NetworkState(string Network, bool Connected, IReadOnlyList<AudienceKind> Audiences, bool NeedsAccount = true, Uri? Server = null, string? Name = null, bool HasServers = false, bool HasNames = false, bool NeedsToken = true);
