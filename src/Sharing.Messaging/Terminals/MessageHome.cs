namespace Sharing.Messaging;

/// <summary>The message server that a terminal's user has his inbox on.</summary>
/// <param name="Server">The server's address, with a slash at its end.</param>
/// <param name="TokenOf">The bearer token of a person there.</param>
public sealed record MessageHome(Uri Server, Func<PersonId?, CancellationToken, ValueTask<string?>> TokenOf)
{
    /// <summary>The purpose of uploads that are sent.</summary>
    public const string Purpose = "messages";

    /// <summary>Where uploads are begun.</summary>
    public Uri Uploads => new(Server, $"v1/uploads/{Purpose}");
}
