using Sharing.Server;

namespace Sharing.Tour;

/// <summary>Somebody in the story.</summary>
public sealed record TourPerson(string Id, string Name)
{
    /// <summary>His bearer token, the same at both servers.</summary>
    public string Token { get; } = Tokens.New();

    /// <summary>What a server's configuration knows of him.</summary>
    public IEnumerable<string> Configuration(int number, string section = "People") =>
    [
        $"--Sharing:{section}:{number}:Id={Id}", $"--Sharing:{section}:{number}:Name={Name}",
        $"--Sharing:{section}:{number}:TokenSha256={Tokens.HashOf(Token)}",
    ];
}
