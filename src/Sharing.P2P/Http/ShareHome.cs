namespace Sharing.P2P;

/// <summary>What a terminal keeps of its registration: the shared-data server that the user's own space is on (row D1).</summary>
/// <param name="Server">The server's address, with a slash at its end.</param>
/// <param name="TokenOf">The bearer token of a person there.</param>
public sealed record ShareHome(Uri Server, Func<PersonId?, CancellationToken, ValueTask<string?>> TokenOf)
{
    /// <summary>The address of the space: uploads are begun there.</summary>
    public Uri Space => new(Server, $"v1/uploads/{IShares.Purpose}");
}
