namespace Sharing;

/// <summary>A person's account at a network.</summary>
public sealed record Account
{
    /// <summary>Whose it is.</summary>
    public required PersonId Owner { get; init; }

    /// <summary>The network's name, as in <see cref="PublisherTraits.Network"/>.</summary>
    public required string Network { get; init; }

    /// <summary>The server where it is, for a network that has many: absolute, with a slash at its end; <c>null</c> where the network has one.</summary>
    public Uri? Server { get; init; }

    /// <summary>The name that it has there, where the network wants one to sign in.</summary>
    public string? Name { get; init; }

    /// <summary>The network's own id of it, the same from whichever server it is seen; set when it is connected, where the network tells.</summary>
    public string? Id { get; init; }

    /// <summary>What opens the account: a secret. Never logged, never in an answer.</summary>
    public string? Token { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Owner} at {Network}";
}
