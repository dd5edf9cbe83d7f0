namespace Sharing.Photos;

/// <summary>The photo server that a terminal's user has his photos on.</summary>
/// <param name="Server">The server's address, with a slash at its end.</param>
/// <param name="TokenOf">The bearer token of a person there.</param>
public sealed record PhotoHome(Uri Server, Func<PersonId?, CancellationToken, ValueTask<string?>> TokenOf)
{
    /// <summary>Where uploads are begun.</summary>
    public Uri Uploads => new(Server, $"v1/uploads/{PhotoUploads.Purpose}");
}
