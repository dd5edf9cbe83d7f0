using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Sharing.AspNetCore;

/// <summary>What people are called on pages: by their names, and where no name is known by their ids.</summary>
static class PersonNames
{
    public static async Task<string> OneAsync(HttpContext context, PersonId person, CancellationToken cancellationToken) =>
        (await ManyAsync(context, [person], cancellationToken))[person];

    public static async Task<IReadOnlyDictionary<PersonId, string>> ManyAsync(
        HttpContext context, IReadOnlyCollection<PersonId> people, CancellationToken cancellationToken)
    {
        var known = people.Count > 0
            ? await context.RequestServices.GetRequiredService<IPeople>().FindAsync(people, cancellationToken)
            : new Dictionary<PersonId, Person>();
        return people.Distinct().ToDictionary(id => id, id => known.GetValueOrDefault(id)?.Name ?? id.Value);
    }
}
