using Microsoft.Extensions.DependencyInjection;

namespace Sharing;

/// <summary>Puts a host's Sharing together: Use = exactly one, Add = many, With = tune. What the application registered itself wins.</summary>
/// <remarks>Made by <c>services.AddSharing(sharing => …)</c>. Not thread-safe.</remarks>
public sealed class SharingBuilder
{
    readonly Dictionary<string, string> _chosen;

    /// <summary>Builds on top of what an earlier call chose.</summary>
    public SharingBuilder(IServiceCollection services)
    {
        Services = services;
        var choices = services.FirstOrDefault(d => d.ServiceType == typeof(Choices))?.ImplementationInstance as Choices;
        if (choices is null)
        {
            choices = new Choices();
            services.AddSingleton(choices);
        }

        _chosen = choices.ByRole;
    }

    /// <summary>The services of the host.</summary>
    public IServiceCollection Services { get; }

    /// <summary>For authors of <c>Use…</c> methods: notes that a role is filled, and says whether it is for the first time.</summary>
    /// <param name="role">What is chosen, e.g. "records".</param>
    /// <param name="choice">What it is chosen to be, e.g. "SQLite in data/sharing.db".</param>
    /// <returns>Whether it must still be registered; <c>false</c> when the same choice was made before.</returns>
    /// <exception cref="InvalidOperationException">Another choice was made before; the message names both.</exception>
    public bool Choose(string role, string choice)
    {
        if (_chosen.TryAdd(role, choice))
        {
            return true;
        }

        return _chosen[role] == choice
            ? false
            : throw new InvalidOperationException($"Sharing's {role} are chosen twice: {_chosen[role]}, and {choice}. Choose one.");
    }

    sealed class Choices
    {
        public Dictionary<string, string> ByRole { get; } = new(StringComparer.Ordinal);
    }
}
